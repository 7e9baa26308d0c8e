" Baton's and keepalived's configuration files.
autocmd BufNewFile,BufRead baton.conf,keepalived.conf,/etc/baton/*.conf,/etc/keepalived/*.conf setfiletype baton
