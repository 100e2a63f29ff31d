"""The job as scripts of the tools that take one."""

from __future__ import annotations

from bench.job import ORDER, Job

_K6 = """
import http from 'k6/http';
import { check, sleep } from 'k6';
export const options = { summaryTrendStats: ['med', 'p(99)'], %(options)s };
const order = %(order)s;
export default function () {
  %(request)s
  if (%(think)g) sleep(%(think)g);
}
export function handleSummary(data) {
  const found = data.metrics.http_req_duration.values;
  return { stdout: JSON.stringify([found['med'], found['p(99)']]) };
}
"""

_K6_GET = "http.get('%s/order');"

_K6_POST = """
  const answer = http.post('%s/api/orders', JSON.stringify(order), {
    headers: {
      'Content-Type': 'application/json',
      'x-api-key': 'test-key',
      'x-request-id': `${__VU}-${__ITER}`,
    },
    tags: { endpoint: 'create_order' },
  });
  check(answer, {
    'status is 201': (r) => r.status === 201,
    'has order id': (r) => !!r.json('id'),
  });
"""

_LOCUST = """
import itertools
from locust import FastHttpUser, constant, task

ORDER = %(order)s
VUS = itertools.count(1)

class Someone(FastHttpUser):
    wait_time = constant(%(think)g)

    def on_start(self):
        self.vu, self.number = next(VUS), 0

    @task
    def order(self):
        %(request)s
"""

_LOCUST_GET = 'self.client.get("/order")'

_LOCUST_POST = """
        self.number += 1
        headers = {"x-api-key": "test-key", "x-request-id": f"{self.vu}-{self.number}"}
        with self.client.post(
            "/api/orders", json=ORDER, headers=headers, name="create_order", catch_response=True
        ) as answer:
            if answer.status_code != 201:
                answer.failure("status is not 201")
            elif not answer.json().get("id"):
                answer.failure("has no order id")
"""


def k6_script(job: Job, base: str) -> str:
    """For `k6 run`; its last line of output is [median, p99] in ms."""
    is_get = job.kind == "get"
    return _K6 % {
        "options": "discardResponseBodies: true" if is_get else "",
        "order": ORDER,
        "request": (_K6_GET if is_get else _K6_POST) % base,
        "think": job.think,
    }


def locust_file(job: Job) -> str:
    """For `locust --locustfile`."""
    request = _LOCUST_GET if job.kind == "get" else _LOCUST_POST
    return _LOCUST % {"order": ORDER, "request": request, "think": job.think}
