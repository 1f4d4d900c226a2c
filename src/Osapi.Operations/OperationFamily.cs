namespace Osapi.Operations;

/// <summary>A family of operations with its permissions, each listed with the smallest role that has it.</summary>
/// <param name="Operations">The operations, in the order of the help and the reference.</param>
internal sealed record OperationFamily(IReadOnlyList<Operation> Operations)
{
    /// <summary>The permissions of every role.</summary>
    public IReadOnlyList<string> Read { get; init; } = [];

    /// <summary>The permissions of the roles write and admin.</summary>
    public IReadOnlyList<string> Write { get; init; } = [];

    /// <summary>The permissions of the role admin only.</summary>
    public IReadOnlyList<string> Admin { get; init; } = [];

    /// <summary>All permissions.</summary>
    public IEnumerable<string> Permissions => [.. Read, .. Write, .. Admin];
}
