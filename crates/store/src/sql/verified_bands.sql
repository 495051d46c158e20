-- The highest band in which each reason of each household was verified.
  select household_no,
         rule,
         resident_key,
         max(band)
    from closing
group by household_no,
         rule,
         resident_key
order by household_no,
         rule,
         resident_key
