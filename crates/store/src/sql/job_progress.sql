-- How far a running job is; its lease is renewed.
update job
   set done           = ?2,
       total          = ?3,
       text           = ?4,
       lease_until_ms = ?5
 where id = ?1
   and state = 'running'
