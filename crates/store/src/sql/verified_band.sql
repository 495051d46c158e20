-- The highest band in which this reason of this household was verified.
select max(band)
  from closing
 where household_no = ?1
   and rule = ?2
   and coalesce(resident_key, 0) = coalesce(?3, 0)
   and (resident_key is null) = (?3 is null)
