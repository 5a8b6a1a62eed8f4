using MassTransit.Configuration;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Adds a filter that is created when its pipe is built, because it needs the services of the bus.
/// </summary>
sealed class LateFilter(Func<IFilter<ConsumeContext>> create) : IPipeSpecification<ConsumeContext>
{
    public void Apply(IPipeBuilder<ConsumeContext> builder) => builder.AddFilter(create());

    public IEnumerable<ValidationResult> Validate() => [];
}
