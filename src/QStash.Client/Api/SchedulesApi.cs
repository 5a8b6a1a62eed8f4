namespace QStash.Client;

sealed class SchedulesApi(QStashHttp http) : IQStashSchedules
{
    public async Task<string> CreateAsync(QStashScheduleDefinition schedule, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schedule);

        var headers = PublishHeaders.Of(schedule, nameof(schedule));
        var request = QStashRequest.Post("/v2/schedules/" + Destination.Check(schedule.Destination, nameof(schedule))) with
        {
            Resource = "/v2/schedules",
            IsRepeatable = schedule.ScheduleId is not null,
            Headers = headers,
            Content = MessageBody.Of(schedule.Body, schedule.ContentType, nameof(schedule))
        };

        return (await http.SendAsync(request, QStashJson.Default.ScheduleAnswer, cancellationToken).ConfigureAwait(false)).ScheduleId;
    }

    public async Task<IReadOnlyList<QStashSchedule>> ListAsync(CancellationToken cancellationToken = default) =>
        await http.SendAsync(QStashRequest.Get("/v2/schedules"), QStashJson.Default.ListQStashSchedule, cancellationToken).ConfigureAwait(false);

    public Task<QStashSchedule?> GetAsync(string scheduleId, CancellationToken cancellationToken = default) =>
        http.FindAsync(QStashRequest.Get(Path(scheduleId)), QStashJson.Default.QStashSchedule, cancellationToken);

    public Task DeleteAsync(string scheduleId, CancellationToken cancellationToken = default) =>
        http.SendAsync(QStashRequest.Delete(Path(scheduleId)).Repeatable(), ignoreNotFound: true, cancellationToken);

    public Task PauseAsync(string scheduleId, CancellationToken cancellationToken = default) => PatchAsync(Path(scheduleId) + "/pause", cancellationToken);

    public Task ResumeAsync(string scheduleId, CancellationToken cancellationToken = default) => PatchAsync(Path(scheduleId) + "/resume", cancellationToken);

    // The documentation says POST; the SDKs, whose tests run against the live service, use PATCH.
    Task PatchAsync(string path, CancellationToken cancellationToken) =>
        http.SendAsync(new QStashRequest(HttpMethod.Patch, path) { IsRepeatable = true }, ignoreNotFound: false, cancellationToken);

    static string Path(string scheduleId) => "/v2/schedules/" + Grammar.Name(scheduleId, "The schedule id", nameof(scheduleId));
}
