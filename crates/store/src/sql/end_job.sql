-- A running job ends.
update job
   set state    = ?2,
       result   = ?3,
       message  = ?4,
       ended_ms = ?5,
       done     = case when ?2 = 'done' then total else done end
 where id = ?1
   and state = 'running'
