using Osapi.Operations.Health;

namespace Osapi.Operations;

public static partial class Permissions
{
    /// <summary>Read the detailed health of the controller.</summary>
    public const string HealthRead = "health:read";
}

public abstract partial class FamilyClients
{
    /// <summary>The health of the controller.</summary>
    public HealthClient Health => field ??= new(invoker);
}
