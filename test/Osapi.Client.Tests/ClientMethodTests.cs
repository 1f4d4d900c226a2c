using System.Reflection;
using Osapi.Operations;
using Osapi.Operations.Network;

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
        Assert.Equal((typeof(CallOptions), "options", true), (method.GetParameters()[^2].ParameterType, method.GetParameters()[^2].Name, method.GetParameters()[^2].IsOptional));
    }

    [Theory, MemberData(nameof(Ids))]
    public async Task A_method_passes_its_options_on(string id)
    {
        Assert.True(OperationCatalog.Default.TryFind(id, out var operation));
        var handler = ScriptedHandler.Answering(500, """{"error":"enough"}""");
        using OsapiClient client = new("http://host", "t", handler);
        CallOptions options = new() { StartWithin = TimeSpan.FromSeconds(7) };

        await Assert.ThrowsAsync<ServerException>(() => ClientMethods.CallAsync(client, operation, options, TestContext.Current.CancellationToken));

        var request = Assert.Single(handler.Requests);
        if (operation.RunsOn == RunsOn.Host)
            Assert.Contains("\"start_within\":7,", request.Body, StringComparison.Ordinal);
        else
            Assert.Contains("start_within=7", request.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_typed_call_takes_options()
    {
        var handler = ScriptedHandler.Answering(200, """{"job_id":"7","results":[{"hostname":"web-01","outcome":"ok","changed":false,"check":{"changed":true}}]}""");
        using OsapiClient client = new("http://host", "t", handler);
        CallOptions options = new() { JobId = Guid.NewGuid(), Check = true };

        var answer = await client.InvokeAsync(NetworkOperations.UpdateDns, new() { InterfaceName = "eth0", Servers = ["192.0.2.53"] }, "_any", options, TestContext.Current.CancellationToken);

        Assert.True(answer.Hosts[0].Check!.Changed);
        Assert.Equal($"http://host/job/{options.JobId}", Assert.Single(handler.Requests).Url);
        await Assert.ThrowsAsync<ArgumentException>(() => client.File.DeleteAsync("app.conf", options, TestContext.Current.CancellationToken));
    }

    [Theory, MemberData(nameof(Ids))]
    public async Task A_method_calls_its_operation(string id)
    {
        Assert.True(OperationCatalog.Default.TryFind(id, out var operation));
        var handler = ScriptedHandler.Answering(500, """{"error":"enough"}""");
        using OsapiClient client = new("http://host", "t", handler);

        await Assert.ThrowsAsync<ServerException>(() => ClientMethods.CallAsync(client, operation, TestContext.Current.CancellationToken));

        var request = Assert.Single(handler.Requests);
        if (operation.RunsOn == RunsOn.Host)
        {
            Assert.Equal("PUT", request.Method);
            Assert.StartsWith($$"""{"operation":"{{id}}","target":"_any",""", request.Body, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(operation.Route.Method, request.Method);
        Assert.StartsWith("http://host" + operation.Route.Template.Split('{')[0], request.Url, StringComparison.Ordinal);
    }

    [Fact]
    public void The_client_has_every_family()
    {
        using OsapiClient client = new("http://host", "t");

        Assert.All(typeof(OsapiClient).GetProperties(BindingFlags.Public | BindingFlags.Instance), property => Assert.NotNull(property.GetValue(client)));
    }
}
