-- Steps that others took, told to a role within :first to :last, newest first, and whether the account has read them.
   select n.number,
          n.place,
          n.register,
          n.record,
          n.step,
          n.day,
          n.at_ms,
          coalesce(a.shown_name, n.account),
          case when r.number is null then 0 else 1 end
     from notice n
left join account a on a.name = n.account
left join notice_read r on r.account = ?4 and r.number = n.number
    where n.role = ?1
      and n.place between ?2 and ?3
      and n.account <> ?4
 order by n.number desc
    limit ?5
