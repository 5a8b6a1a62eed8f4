using MassTransit.QStashTransport.Addresses;

namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// The schedules that are declared with the bus.
/// </summary>
sealed class DeclaredSchedules : IQStashSchedulesConfigurator, ISpecification
{
    readonly List<IScheduleDeclaration> _declarations = [];

    public IReadOnlyList<IScheduleDeclaration> Declarations => _declarations;

    public bool RemovesUndeclared { get; private set; }

    public void RemoveUndeclared() => RemovesUndeclared = true;

    public void Cron<T>(string id, string cronExpression, string? timeZone, Action<IQStashScheduleConfigurator<T>>? configure)
        where T : class
    {
        var declaration = new ScheduleDeclaration<T>(id, cronExpression, timeZone);
        configure?.Invoke(declaration);

        _declarations.Add(declaration);
    }

    /// <summary>
    /// Finds problems that need no other services; <see cref="Validate(KnownAddresses, bool, TimeProvider)"/> finds the rest.
    /// </summary>
    public IEnumerable<ValidationResult> Validate() => _declarations
        .GroupBy(declaration => declaration.Id)
        .Where(group => group.Count() > 1)
        .Select(twice => this.Failure($"Schedules({twice.Key})", "two schedules have this id. Rename one"));

    public IEnumerable<ValidationResult> Validate(KnownAddresses addresses, bool hasDirectory, TimeProvider time)
    {
        foreach (var declaration in _declarations)
        {
            if (declaration.Check(addresses, hasDirectory, time) is { } problem)
                yield return this.Failure($"Schedules({declaration.Id})", problem);
        }
    }
}
