-- The oldest job that waits, or whose worker has gone silent, and that has to wait for none before it.
-- Jobs of an earlier program do not say what they change: they change everything.
  select j.id
    from job j
   where (j.state = 'queued'
          or (j.state = 'running' and j.lease_until_ms < ?1))
     and not exists
         (select 1
            from job e
           where e.state in ('queued', 'running')
             and e.id < j.id
             and ((coalesce(j.turn, 'changes') = 'reads'
                   and coalesce(e.turn, 'changes') = 'changes'
                   and e.account = j.account)
                  or (coalesce(j.turn, 'changes') <> 'reads'
                      and (coalesce(e.turn, 'changes') = 'changes' or (e.turn = 'screens' and j.turn = 'screens'))
                      and coalesce(e.first_place, '') <= coalesce(j.last_place, '~')
                      and coalesce(e.last_place, '~') >= coalesce(j.first_place, ''))))
     and (coalesce(j.is_heavy, 1) = 0
          or not exists
             (select 1
                from job h
               where h.state = 'running'
                 and h.lease_until_ms >= ?1
                 and h.id <> j.id
                 and coalesce(h.is_heavy, 1) = 1))
order by j.id
   limit 1
