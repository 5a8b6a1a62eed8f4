using MassTransit.Configuration;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Adds a filter that is made when its pipe is, because it needs what the bus is made of.
/// </summary>
sealed class LateFilter(Func<IFilter<ConsumeContext>> create) : IPipeSpecification<ConsumeContext>
{
    public void Apply(IPipeBuilder<ConsumeContext> builder) => builder.AddFilter(create());

    public IEnumerable<ValidationResult> Validate() => [];
}
