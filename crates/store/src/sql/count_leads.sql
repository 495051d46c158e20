-- Leads of a span of places: open, overdue, due soon, raised by the last screening, stale, ended.
select coalesce(sum(is_open), 0),
       coalesce(sum(is_open = 1 and due_on < ?3), 0),
       coalesce(sum(is_open = 1 and due_on between ?3 and ?4), 0),
       coalesce(sum(is_open = 1 and raised_on = ?5), 0),
       coalesce(sum(is_open = 1 and stale = 1), 0),
       coalesce(sum(is_open = 0), 0)
  from lead
 where region between ?1 and ?2
