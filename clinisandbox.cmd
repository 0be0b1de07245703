@echo off
rem Finds a JDK 25, builds the jar when it is missing, and starts it.
setlocal
set "HERE=%~dp0"
set "JAR=%HERE%target\clinisandbox.jar"
if defined JAVA_HOME (set "JAVA=%JAVA_HOME%\bin\java.exe") else (set "JAVA=java")
"%JAVA%" -version 2>&1 | findstr /r /c:"version \"2[5-9]" /c:"version \"[3-9][0-9]" >nul
if errorlevel 1 (
  echo clinisandbox: no JDK 25 or newer was found. Install one and set JAVA_HOME to it. 1>&2
  exit /b 1
)
if not exist "%JAR%" (
  echo clinisandbox: building ^(the first time takes a few minutes^) 1>&2
  call mvn -B -q -f "%HERE%pom.xml" -DskipTests package 1>&2
  if errorlevel 1 exit /b 1
)
if not defined CLINISANDBOX_HOME set "CLINISANDBOX_HOME=%HERE%."
set "OPTIONS=%CLINISANDBOX_JAVA_OPTIONS%"
set "CLINISANDBOX_JAVA_OPTIONS="
"%JAVA%" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow %OPTIONS% -jar "%JAR%" %*
