namespace QStash.Client;

sealed class SchedulesApi(QStashHttp http) : IQStashSchedules
{
    public async Task<string> CreateAsync(QStashScheduleDefinition schedule, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schedule);

        var request = QStashRequest.Post("/v2/schedules/" + Destination.Check(schedule.Destination, nameof(schedule))) with
        {
            Resource = "/v2/schedules",
            IsRepeatable = schedule.ScheduleId is not null,
            Headers = Headers(schedule, nameof(schedule)),
            Content = MessageBody.Of(schedule.Body, schedule.ContentType, nameof(schedule))
        };

        var answer = await http.SendAsync(request, QStashJson.Default.ScheduleAnswer, cancellationToken).ConfigureAwait(false);

        return string.IsNullOrEmpty(answer.ScheduleId)
            ? throw new QStashException("QStash answered without the id of a schedule, so it may not have made one.")
            : answer.ScheduleId;
    }

    public async Task<IReadOnlyList<QStashSchedule>> ListAsync(CancellationToken cancellationToken = default) =>
        await http.SendAsync(QStashRequest.Get("/v2/schedules"), QStashJson.Default.ListQStashSchedule,
            cancellationToken).ConfigureAwait(false);

    public Task<QStashSchedule?> GetAsync(string scheduleId, CancellationToken cancellationToken = default) =>
        http.FindAsync(QStashRequest.Get(Path(scheduleId)), QStashJson.Default.QStashSchedule, cancellationToken);

    public Task DeleteAsync(string scheduleId, CancellationToken cancellationToken = default) =>
        http.SendAsync(QStashRequest.Delete(Path(scheduleId)).Repeatable(), ignoreNotFound: true, cancellationToken);

    public Task PauseAsync(string scheduleId, CancellationToken cancellationToken = default) =>
        PatchAsync(Path(scheduleId) + "/pause", cancellationToken);

    public Task ResumeAsync(string scheduleId, CancellationToken cancellationToken = default) =>
        PatchAsync(Path(scheduleId) + "/resume", cancellationToken);

    // The documentation says POST; the SDKs, whose tests run against the live service, use PATCH.
    Task PatchAsync(string path, CancellationToken cancellationToken) =>
        http.SendAsync(new QStashRequest(HttpMethod.Patch, path) { IsRepeatable = true }, ignoreNotFound: false, cancellationToken);

    static PublishHeaders Headers(QStashScheduleDefinition schedule, string parameter)
    {
        if (string.IsNullOrWhiteSpace(schedule.Cron))
            throw new ArgumentException("Cron is empty. Set a five field expression such as '0 9 * * *'.", parameter);

        var headers = PublishHeaders.Of(schedule, parameter);
        headers.Add("Upstash-Cron", schedule.Cron.Trim());
        if (schedule.ScheduleId is not null)
            headers.Add("Upstash-Schedule-Id", Grammar.Name(schedule.ScheduleId, "ScheduleId", parameter));
        if (schedule.Queue is not null)
            headers.Add("Upstash-Queue-Name", Grammar.Name(schedule.Queue, "Queue", parameter));

        return headers;
    }

    static string Path(string scheduleId) => "/v2/schedules/" + Grammar.Name(scheduleId, "The schedule id", nameof(scheduleId));
}
