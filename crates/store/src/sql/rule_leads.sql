-- Leads by rule among their reasons: all, and those still open.
  select reason.rule,
         count(distinct reason.lead_id),
         count(distinct case when lead.is_open = 1 then reason.lead_id end)
    from lead_reason reason
    join lead on lead.lead_id = reason.lead_id
   where lead.region between ?1 and ?2
group by reason.rule
order by reason.rule
