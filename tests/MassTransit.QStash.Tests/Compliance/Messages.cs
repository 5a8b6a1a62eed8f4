namespace MassTransit.QStash.Tests.Compliance;

// Types of their own, because the groups named after them are taken off the account in the end.

public record Ordered(Guid Id);

public record Paid(Guid Id);

public record Fragile(Guid Id);

public interface IParcel
{
    Guid Id { get; }
}

public record Parcel(Guid Id) : IParcel;

public record HeavyParcel(Guid Id) : Parcel(Id);
