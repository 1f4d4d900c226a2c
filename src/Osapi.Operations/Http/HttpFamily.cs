using Osapi.Operations.Http;

namespace Osapi.Operations;

public abstract partial class FamilyClients
{
    /// <summary>Web servers, as hosts see them.</summary>
    public WebClient Http => field ??= new(invoker);
}
