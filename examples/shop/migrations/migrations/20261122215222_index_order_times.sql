-- ashlar:migration 20261122215222_index_order_times
-- ashlar:op add_index orders_placed_at_idx on orders (placed_at)
-- ashlar:up
CREATE INDEX orders_placed_at_idx ON orders (placed_at);
-- ashlar:down
DROP INDEX orders_placed_at_idx;
