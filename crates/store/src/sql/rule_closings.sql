-- Leads closed by a person by rule among their reasons: all, and those that were confirmed.
  select rule,
         count(distinct lead_id),
         count(distinct case when confirmed = 1 then lead_id end)
    from closing
   where region between ?1 and ?2
group by rule
order by rule
