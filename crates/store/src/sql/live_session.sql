-- The session with that token, if it is alive at :at_ms.
select account,
       seen_ms
  from session
 where token = ?1
   and ?2 < ends_ms
   and ?2 - seen_ms <= idle_ms
