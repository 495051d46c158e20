-- The highest band in which this reason of this household was verified.
select max(band)
  from closing
 where household_no = ?1
   and rule = ?2
   and resident_key is not distinct from ?3
