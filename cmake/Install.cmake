# cmake --install build/release --prefix /usr/local: sbin/batond, sbin/batonctl, lib/systemd/system/baton*.service,
# share/doc/baton, share/man, share/vim/vimfiles.
include(GNUInstallDirs)
if(TARGET batond)
  install(TARGETS batond RUNTIME DESTINATION ${CMAKE_INSTALL_SBINDIR})
endif()
if(TARGET batonctl)
  install(TARGETS batonctl RUNTIME DESTINATION ${CMAKE_INSTALL_SBINDIR})
endif()
# genhash is a name of batonctl.
install(CODE "
  set(place \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_SBINDIR}\")
  file(CREATE_LINK batonctl \"\${place}/genhash\" SYMBOLIC)
  list(APPEND CMAKE_INSTALL_MANIFEST_FILES \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_SBINDIR}/genhash\")
")
install(FILES etc/man/baton.conf.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
install(FILES etc/man/batond.8 etc/man/batonctl.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
install(DIRECTORY etc/vim/ DESTINATION ${CMAKE_INSTALL_DATADIR}/vim/vimfiles)
install(DIRECTORY etc/examples docs DESTINATION ${CMAKE_INSTALL_DOCDIR} PATTERN "*.in.md" EXCLUDE)
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# The units name the place that --prefix chose, which is known only now.
foreach(unit baton baton-real-server)
  install(CODE "
    file(READ \"${CMAKE_SOURCE_DIR}/etc/systemd/${unit}.service\" unit)
    string(REPLACE /usr/sbin/ \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_SBINDIR}/\" unit \"\${unit}\")
    string(REPLACE /usr/share/doc/baton/ \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DOCDIR}/\" unit \"\${unit}\")
    set(place \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/systemd/system\")
    file(MAKE_DIRECTORY \"\${place}\")
    file(WRITE \"\${place}/${unit}.service\" \"\${unit}\")
    list(APPEND CMAKE_INSTALL_MANIFEST_FILES \"\${CMAKE_INSTALL_PREFIX}/lib/systemd/system/${unit}.service\")
    message(STATUS \"Installing: \${place}/${unit}.service\")
  ")
endforeach()
