-- The oldest job that waits, or whose worker has gone silent.
  select id
    from job
   where state = 'queued'
      or (state = 'running' and lease_until_ms < ?1)
order by id
   limit 1
