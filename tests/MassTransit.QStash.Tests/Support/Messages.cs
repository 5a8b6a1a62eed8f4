namespace MassTransit.QStash.Tests.Support;

public record OrderSubmitted(string OrderId);

public record ChargeCard(string OrderId);

public record CardCharged(string OrderId);

public interface IAnimal
{
    string Name { get; }
}

public record Animal(string Name) : IAnimal;

public record Dog(string Name) : Animal(Name);
