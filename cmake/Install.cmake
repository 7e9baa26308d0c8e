# cmake --install build/release --prefix /usr/local: sbin/batond, lib/systemd/system/baton.service, share/doc/baton.
include(GNUInstallDirs)
if(TARGET batond)
  install(TARGETS batond RUNTIME DESTINATION ${CMAKE_INSTALL_SBINDIR})
endif()
install(DIRECTORY etc/examples docs DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# The unit names the place that --prefix chose, which is known only now.
install(CODE "
  file(READ \"${CMAKE_SOURCE_DIR}/etc/systemd/baton.service\" unit)
  string(REPLACE /usr/sbin/ \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_SBINDIR}/\" unit \"\${unit}\")
  string(REPLACE /usr/share/doc/baton/ \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DOCDIR}/\" unit \"\${unit}\")
  set(place \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/systemd/system\")
  file(MAKE_DIRECTORY \"\${place}\")
  file(WRITE \"\${place}/baton.service\" \"\${unit}\")
  list(APPEND CMAKE_INSTALL_MANIFEST_FILES \"\${CMAKE_INSTALL_PREFIX}/lib/systemd/system/baton.service\")
  message(STATUS \"Installing: \${place}/baton.service\")
")
