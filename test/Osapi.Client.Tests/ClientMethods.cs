using System.Reflection;
using Osapi.Operations;

namespace Osapi.Client.Tests;

/// <summary>Finds the client's method of an operation, by reflection.</summary>
internal static class ClientMethods
{
    /// <summary>Finds the method: on the family's client, and named after the operation's declaration.</summary>
    public static MethodInfo? Find(Operation operation)
    {
        var declaration = typeof(Operation).Assembly.GetTypes()
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static))
            .Single(property => property.PropertyType.IsSubclassOf(typeof(Operation)) && ReferenceEquals(property.GetValue(null), operation));
        var family = declaration.DeclaringType!.Name.Replace("Operations", "", StringComparison.Ordinal);
        return typeof(OsapiClient).GetProperty(family)?.PropertyType.GetMethod($"{declaration.Name}Async");
    }

    /// <summary>Calls it with the target (where it has one), its members of the example, and the token.</summary>
    public static Task<object> CallAsync(OsapiClient client, Operation operation, CancellationToken cancellationToken) => CallAsync(client, operation, options: null, cancellationToken);

    /// <inheritdoc cref="CallAsync(OsapiClient, Operation, CancellationToken)"/>
    public static async Task<object> CallAsync(OsapiClient client, Operation operation, CallOptions? options, CancellationToken cancellationToken)
    {
        var method = Find(operation)!;
        var example = operation.ExamplePair.Request;
        var arguments = method.GetParameters().Select(parameter => parameter.ParameterType switch
        {
            var type when type == typeof(Target) => Target.Any,
            var type when type == typeof(CancellationToken) => cancellationToken,
            var type when type == typeof(CallOptions) => options,
            var type when type == typeof(Stream) => new MemoryStream([1]),
            var type when type == example.GetType() => example,
            _ => example.GetType().GetProperty(parameter.Name!, BindingFlags.IgnoreCase | BindingFlags.Public | BindingFlags.Instance)!.GetValue(example),
        });
        var family = typeof(OsapiClient).GetProperties().Single(property => property.PropertyType == method.DeclaringType).GetValue(client);
        var call = (Task)method.Invoke(family, [.. arguments])!;
        await call;
        return call.GetType().GetProperty("Result")!.GetValue(call)!;
    }
}
