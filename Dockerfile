# The emulator: docker build -t qstash-emulator . && docker run --rm -p 127.0.0.1:8080:8080 qstash-emulator
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /repository
COPY Directory.Build.props Directory.Packages.props global.json README.md ./
COPY src/Directory.Build.props src/Directory.Build.targets src/PublicDocumentation.targets src/
COPY src/CommandLine/ src/CommandLine/
COPY src/QStash.Emulator/ src/QStash.Emulator/
COPY src/QStash.Emulator.Tool/ src/QStash.Emulator.Tool/
RUN dotnet publish src/QStash.Emulator.Tool --configuration Release --output /emulator

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /emulator
COPY --from=build /emulator .
# For --data: a volume that is mounted here belongs to the user too.
RUN install --directory --owner=$APP_UID /data
USER $APP_UID
EXPOSE 8080
# Inside of the container every interface; publish the port to loopback, for the tokens are public.
ENTRYPOINT ["dotnet", "qstash-emulator.dll", "--host", "0.0.0.0"]
