using System.Reflection;
using Osapi.Operations;

namespace Osapi.Client.Tests;

public sealed class ClientMethodTests
{
    public static TheoryData<string> Ids => [.. OperationCatalog.Default.Select(operation => operation.Id)];

    [Theory, MemberData(nameof(Ids))]
    public void Every_operation_is_a_method_of_its_family(string id)
    {
        Assert.True(OperationCatalog.Default.TryFind(id, out var operation));

        var method = ClientMethods.Find(operation);

        Assert.NotNull(method);
        Assert.Equal(operation.RunsOn == RunsOn.Host, method.GetParameters()[0].ParameterType == typeof(Target));
        Assert.Equal(typeof(CancellationToken), method.GetParameters()[^1].ParameterType);
        Assert.True(method.GetParameters()[^1].IsOptional);
    }

    [Theory, MemberData(nameof(Ids))]
    public async Task A_method_calls_its_operation(string id)
    {
        Assert.True(OperationCatalog.Default.TryFind(id, out var operation));
        var handler = ScriptedHandler.Answering(500, """{"error":"enough"}""");
        using OsapiClient client = new("http://host", "t", handler);

        await Assert.ThrowsAsync<ServerException>(() => ClientMethods.CallAsync(client, operation, TestContext.Current.CancellationToken));

        var request = Assert.Single(handler.Requests);
        Assert.Equal(operation.Route.Method, request.Method);
        Assert.StartsWith("http://host" + operation.Route.Template.Replace("{hostname}", "_any", StringComparison.Ordinal).Split('{')[0], request.Url, StringComparison.Ordinal);
    }

    [Fact]
    public void The_client_has_every_family()
    {
        using OsapiClient client = new("http://host", "t");

        Assert.All(typeof(OsapiClient).GetProperties(BindingFlags.Public | BindingFlags.Instance), property => Assert.NotNull(property.GetValue(client)));
    }
}
