namespace Osapi.Operations;

/// <summary>The calls of all families. Each family adds its property in its folder.</summary>
public abstract partial class FamilyClients
{
    private readonly IOperationInvoker invoker;

    internal FamilyClients(IOperationInvoker invoker)
    {
        ArgumentNullException.ThrowIfNull(invoker);
        this.invoker = invoker;
    }
}
