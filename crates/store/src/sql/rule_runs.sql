-- The last run of every rule, of places inside :first to :last, or of the nearest place around :own.
  select rule,
         found,
         not_run,
         region
    from rule_run
   where region between ?2 and ?3
      or region in (select region
                      from screening
                     where region <= ?1
                       and region_end >= ?1
                  order by day desc
                     limit 1)
order by day,
         rule
