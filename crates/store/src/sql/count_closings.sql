-- Leads closed by a person: all, and those that were confirmed.
select count(distinct lead_id),
       count(distinct case when confirmed = 1 then lead_id end)
  from closing
 where region between ?1 and ?2
