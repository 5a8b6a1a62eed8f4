using System.Reflection;
using MassTransit.Configuration;
using MassTransit.DependencyInjection.Registration;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.Testing;

/// <summary>
/// Adds MassTransit's consumer or saga harness for a consumer or saga that is already registered.
/// </summary>
static class HarnessRegistrations
{
    public static void Add(IServiceCollection services, IRegistration registration)
    {
        // Classes that derive from these count too, such as MassTransit's own for a saga definition.
        for (var type = registration.GetType(); type is { BaseType: not null }; type = type.BaseType)
        {
            if (!type.IsGenericType || MethodFor(type.GetGenericTypeDefinition()) is not { } method)
                continue;

            typeof(DependencyInjectionTestingExtensions).GetMethod(method, BindingFlags.Public | BindingFlags.Static)!
                .MakeGenericMethod(type.GetGenericArguments())
                .Invoke(null, [services]);

            return;
        }
    }

    static string? MethodFor(Type registration) =>
        registration == typeof(ConsumerRegistration<>) ? nameof(DependencyInjectionTestingExtensions.AddConsumerContainerTestHarness)
        : registration == typeof(SagaRegistration<>) ? nameof(DependencyInjectionTestingExtensions.AddSagaContainerTestHarness)
        : registration == typeof(SagaStateMachineRegistration<,>)
            ? nameof(DependencyInjectionTestingExtensions.AddSagaStateMachineContainerTestHarness)
        : null;
}
