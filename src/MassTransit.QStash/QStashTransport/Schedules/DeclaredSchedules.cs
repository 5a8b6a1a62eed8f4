using MassTransit.QStashTransport.Configuration;

namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// The schedules that are declared with the bus.
/// </summary>
sealed class DeclaredSchedules(QStashHostConfiguration hostConfiguration) : IQStashSchedulesConfigurator, ISpecification
{
    readonly List<IScheduleDeclaration> _declarations = [];
    volatile IReadOnlyDictionary<string, string> _problems = new Dictionary<string, string>();
    volatile IReadOnlyDictionary<string, string> _waiting = new Dictionary<string, string>();

    public IReadOnlyList<IScheduleDeclaration> Declarations => _declarations;

    /// <summary>What MassTransit calls the group of a schedule: here, whose they are.</summary>
    public string Group => hostConfiguration.ServiceIdentity;

    /// <summary>Which schedules QStash does not have as declared yet, by id, and why.</summary>
    public IReadOnlyDictionary<string, string> Problems
    {
        get => _problems;
        set => _problems = value;
    }

    /// <summary>
    /// Which schedules reach all who subscribe, and not yet a base type of the message to which nobody does; by id, and which.
    /// </summary>
    public IReadOnlyDictionary<string, string> Waiting
    {
        get => _waiting;
        set => _waiting = value;
    }

    public bool RemovesUndeclared { get; private set; }

    public void RemoveUndeclared() => RemovesUndeclared = true;

    public void Cron<T>(string id, string cronExpression, string? timeZone, Action<IQStashScheduleConfigurator<T>>? configure)
        where T : class
    {
        var declaration = new ScheduleDeclaration<T>(id, cronExpression, timeZone);
        configure?.Invoke(declaration);

        _declarations.Add(declaration);
    }

    public IEnumerable<ValidationResult> Validate()
    {
        foreach (var declaration in _declarations)
        {
            if (declaration.Check(hostConfiguration) is { } problem)
                yield return this.Failure($"Schedules({declaration.Id})", problem);
        }

        // Another service without a name and an address would take them for its own.
        if (_declarations.Count > 0 && hostConfiguration.Settings is { HasIdentity: false })
            yield return this.Failure("QStash:ServiceName", "it is missing, and so is BaseAddress: schedules that are declared with the bus are kept under one of them. Set it with cfg.Host(h => h.ServiceName(…))");

        foreach (var twice in _declarations.GroupBy(declaration => declaration.Id).Where(group => group.Count() > 1))
            yield return this.Failure($"Schedules({twice.Key})", "two schedules have this id. Rename one");
    }
}
