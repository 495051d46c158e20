-- The latest screening of a place that overlaps :first to :last.
  select region,
         day,
         known,
         at_ms,
         households,
         leads,
         raised,
         changed,
         lapsed,
         inputs
    from screening
   where region <= ?2
     and region_end >= ?1
order by day desc,
         at_ms desc
   limit 1
