using System.Text.Json.Serialization.Metadata;
using Osapi.Operations;

namespace Osapi.Cli.Tests.Secrets;

/// <summary>The operations of the catalog that take secrets, found by the attribute of their members, so that a new one is not forgotten.</summary>
internal static class SecretOperations
{
    public static IReadOnlyList<Operation> All { get; } = [.. OperationCatalog.Default.Where(operation => SecretsOf(operation).Any())];

    public static IEnumerable<JsonPropertyInfo> SecretsOf(Operation operation) => operation.RequestInfo.Properties
        .Where(property => property.AttributeProvider?.GetCustomAttributes(inherit: true).Any(attribute => attribute.GetType().Name == "SecretAttribute") == true);
}
