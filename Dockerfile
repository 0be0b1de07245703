# One image for every role: `init`, `api` and `worker` are commands of the same jar.

FROM eclipse-temurin:25-jdk AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends maven \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build

# Building an empty module fetches every library and plugin, in a layer that only a change of the
# pom makes again.
COPY pom.xml ./
RUN mkdir -p src/main/java/empty \
    && echo 'package empty; interface Empty {}' > src/main/java/empty/Empty.java \
    && mvn -B -q -Dmaven.test.skip=true package \
    && rm -r src target

COPY src/main src/main
COPY tests/payloads tests/payloads
RUN mvn -B -q -Dmaven.test.skip=true package \
    && java -Djarmode=tools -jar target/clinisandbox.jar extract --layers --destination target/image

FROM eclipse-temurin:25-jre
RUN apt-get update \
    && apt-get install -y --no-install-recommends bubblewrap \
    && rm -rf /var/lib/apt/lists/*
# A new volume takes over the owner and the mode of the folder that it is mounted on.
RUN groupadd --gid 10001 clinisandbox \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin clinisandbox \
    && install -d -o 10001 -g 10001 -m 0700 /var/lib/clinisandbox \
    && install -d -o 10001 -g 10001 -m 0711 /var/cache/clinisandbox
WORKDIR /app
COPY --from=build /build/target/image/dependencies/ ./
COPY --from=build /build/target/image/application/ ./
COPY models models
ENV CLINISANDBOX_HOME=/app LC_ALL=C.UTF-8
USER 10001:10001
EXPOSE 8000
ENTRYPOINT ["java", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:MaxRAMPercentage=65", "-jar", "/app/clinisandbox.jar"]
