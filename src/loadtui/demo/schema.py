"""The database of the orders API: its tables, their first rows, and three statements."""

from __future__ import annotations

SETUP = """
create schema if not exists loadtui_demo;
create table if not exists loadtui_demo.products (
    id text primary key, name text not null, price integer not null);
create table if not exists loadtui_demo.orders (
    id text primary key, customer_id text not null, items jsonb not null, total integer not null,
    payment_id text not null, created_at timestamptz not null default now());
insert into loadtui_demo.products values
    ('prod-1', 'Teapot', 1500), ('prod-2', 'Kettle', 3000), ('prod-3', 'Cup', 700),
    ('prod-4', 'Saucer', 400), ('prod-5', 'Spoon', 250), ('prod-6', 'Tray', 1900),
    ('prod-7', 'Strainer', 600), ('prod-8', 'Tea tin', 900), ('prod-9', 'Timer', 1200),
    ('prod-10', 'Towel', 800)
    on conflict do nothing;
insert into loadtui_demo.orders (id, customer_id, items, total, payment_id) values
    ('order-1', 'cust-1', '[{"productId": "prod-1", "quantity": 1, "unitPrice": 1500}]', 1500,
     'pay-order-1'),
    ('order-2', 'cust-2', '[{"productId": "prod-3", "quantity": 4, "unitPrice": 700}]', 2800,
     'pay-order-2'),
    ('order-3', 'cust-1', '[{"productId": "prod-2", "quantity": 2, "unitPrice": 3000}]', 6000,
     'pay-order-3')
    on conflict do nothing;
"""
"""Safe to run again, on a server of one's own as well: everything is in a schema of that name."""

INSERT = """
insert into loadtui_demo.orders (id, customer_id, items, total, payment_id)
values ($1, $2, $3::text::jsonb, $4, $5)
"""

# PostgreSQL writes the JSON, so that the API passes text on.
READ = """
select json_build_object(
    'id', id, 'customerId', customer_id, 'items', items, 'total', total,
    'paymentId', payment_id, 'createdAt', created_at)::text
from loadtui_demo.orders where id = $1
"""

PRODUCTS = """
select json_agg(
    json_build_object('id', id, 'name', name, 'price', price) order by length(id), id)::text
from loadtui_demo.products
"""
