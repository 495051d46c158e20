-- A named value of the installation, in place of an earlier one.
insert into installation
       (name,
        value)
values (?1, ?2)
    on conflict (name) do update
   set value = excluded.value
