# The image is what make dist leaves, on a slim base, run by a user who may do nothing else.
FROM eclipse-temurin:25-jdk AS build
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends make
WORKDIR /src
COPY . .
# Own Java runtime, libraries, AOT cache; the last lines print sizes, time and memory.
RUN --mount=type=cache,target=/root/.m2 make dist

FROM debian:12-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/tollgate tollgate
COPY --from=build /src/dist /opt/tollgate
ENV MODE=standalone TOLLGATE_BIND=0.0.0.0 TOLLGATE_DATA_DIR=/var/lib/tollgate
USER 10001
VOLUME /var/lib/tollgate
EXPOSE 8080 8081
ENTRYPOINT ["/opt/tollgate/bin/tollgate"]
CMD ["serve"]
