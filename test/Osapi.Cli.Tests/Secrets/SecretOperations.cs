using System.Text.Json.Serialization.Metadata;
using Osapi.Operations;

namespace Osapi.Cli.Tests.Secrets;

/// <summary>The operations on hosts that take secrets, found by the attribute of their members, so that a new one is not forgotten. Runs that are handed over with secrets have tests of their own.</summary>
internal static class SecretOperations
{
    public static IReadOnlyList<Operation> All { get; } = [.. OperationCatalog.Default.Where(operation => operation.RunsOn == RunsOn.Host && SecretsOf(operation).Any())];

    public static IEnumerable<JsonPropertyInfo> SecretsOf(Operation operation) => operation.RequestInfo.Properties
        .Where(property => property.AttributeProvider?.GetCustomAttributes(inherit: true).Any(attribute => attribute.GetType().Name == "SecretAttribute") == true);
}
