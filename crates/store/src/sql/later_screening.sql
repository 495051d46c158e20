-- The latest day after :day for which a place that overlaps :first to :last was screened.
select max(day)
  from screening
 where region <= ?2
   and region_end >= ?1
   and day > ?3
