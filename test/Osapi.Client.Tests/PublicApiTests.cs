using Osapi.Tests;
using PublicApiGenerator;

namespace Osapi.Client.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_as_approved() =>
        Approved.Match(typeof(OsapiClient).Assembly.GeneratePublicApi(new() { IncludeAssemblyAttributes = false, AllowNamespacePrefixes = ["Microsoft.Extensions.DependencyInjection"] }), "PublicApi.approved.txt");
}
