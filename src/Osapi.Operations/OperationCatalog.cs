using System.Collections;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations.Agents;
using Osapi.Operations.Audit;
using Osapi.Operations.Command;
using Osapi.Operations.Docker;
using Osapi.Operations.Files;
using Osapi.Operations.Groups;
using Osapi.Operations.Http;
using Osapi.Operations.Health;
using Osapi.Operations.Jobs;
using Osapi.Operations.Network;
using Osapi.Operations.Node;
using Osapi.Operations.Packages;
using Osapi.Operations.Reviews;
using Osapi.Operations.Runs;
using Osapi.Operations.Services;
using Osapi.Operations.Sysctl;
using Osapi.Operations.Targets;
using Osapi.Operations.Tokens;
using Osapi.Operations.Users;
using Osapi.Operations.Waits;

namespace Osapi.Operations;

/// <summary>The catalog of operations, by id.</summary>
public sealed class OperationCatalog : IReadOnlyCollection<Operation>
{
    private readonly FrozenDictionary<string, Operation> byId;
    private readonly FrozenDictionary<Type, JsonTypeInfo> resultInfos;
    private readonly IReadOnlyList<Operation> operations;

    /// <summary>Creates a catalog of the given operations.</summary>
    /// <exception cref="ArgumentException">Two operations have the same id.</exception>
    public OperationCatalog(IEnumerable<Operation> operations)
    {
        this.operations = [.. operations];
        byId = this.operations.ToFrozenDictionary(operation => operation.Id);
        resultInfos = this.operations.Select(operation => operation.ResultInfo).DistinctBy(info => info.Type).ToFrozenDictionary(info => info.Type);
    }

    /// <summary>The families, in the order of the help and the reference.</summary>
    internal static IReadOnlyList<OperationFamily> Families { get; } =
    [
        HealthOperations.Family,
        AgentOperations.Family,
        TargetOperations.Family,
        ReviewOperations.Family,
        TokenOperations.Family,
        JobOperations.Family,
        RunOperations.Family,
        AuditOperations.Family,
        NodeOperations.Family,
        CommandOperations.Family,
        FileOperations.Family,
        PackageOperations.Family,
        UserOperations.Family,
        GroupOperations.Family,
        NetworkOperations.Family,
        ServiceOperations.Family,
        SysctlOperations.Family,
        WaitOperations.Family,
        HttpOperations.Family,
        DockerOperations.Family,
    ];

    /// <summary>The catalog of all operations of the product, ordered by family.</summary>
    public static OperationCatalog Default { get; } = new(Families.SelectMany(family => family.Operations));

    /// <inheritdoc/>
    public int Count => operations.Count;

    /// <summary>Finds the operation with this id.</summary>
    public bool TryFind(string id, [NotNullWhen(true)] out Operation? operation) => byId.TryGetValue(id, out operation);

    /// <summary>Returns the most similar id to a mistyped one; null when none is similar.</summary>
    internal string? Near(string id) => Suggestions.Of(id, byId.Keys);

    /// <summary>Returns the JSON contract of a result type of the catalog; null for any other type.</summary>
    public JsonTypeInfo? ResultInfo(Type resultType) => resultInfos.GetValueOrDefault(resultType);

    /// <inheritdoc/>
    public IEnumerator<Operation> GetEnumerator() => operations.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
