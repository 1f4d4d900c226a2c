using Osapi.Tests;
using PublicApiGenerator;

namespace Osapi.Testing.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_as_approved() =>
        Approved.Match(typeof(ScriptedInvoker).Assembly.GeneratePublicApi(new() { IncludeAssemblyAttributes = false }), "PublicApi.approved.txt");
}
