-- Leads of a span of places: open, overdue, due soon, raised by the last screening, stale, ended.
select count(case when is_open = 1 then 1 end),
       count(case when is_open = 1 and due_on < ?3 then 1 end),
       count(case when is_open = 1 and due_on between ?3 and ?4 then 1 end),
       count(case when is_open = 1 and raised_on = ?5 then 1 end),
       count(case when is_open = 1 and stale = 1 then 1 end),
       count(case when is_open = 0 then 1 end)
  from lead
 where region between ?1 and ?2
