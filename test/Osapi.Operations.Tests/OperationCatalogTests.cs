using System.Collections;
using Osapi.Operations.Health;
using Osapi.Operations.Node;
using Osapi.Operations.Sample;

namespace Osapi.Operations.Tests;

public sealed class OperationCatalogTests
{
    private readonly OperationCatalog catalog = new([SampleOperations.Run, SampleOperations.List, SampleOperations.Put]);

    [Fact]
    public void Operations_are_found_by_id()
    {
        Assert.True(catalog.TryFind("sample.unit.run", out var operation));
        Assert.Same(SampleOperations.Run, operation);
        Assert.False(catalog.TryFind("sample.unit.rum", out _));
        Assert.Equal("sample.unit.run", catalog.Near("sample.unit.rum"));
        Assert.Null(catalog.Near("docker.create.execute"));
    }

    [Fact]
    public void Operations_keep_their_order()
    {
        Assert.Equal(["sample.unit.run", "sample.unit.list", "sample.thing.update"], catalog.Select(operation => operation.ToString()));
        Assert.True(((IEnumerable)catalog).GetEnumerator().MoveNext());
    }

    [Fact]
    public void An_id_can_be_taken_once() => Assert.Contains(
        "sample.unit.run", Assert.Throws<ArgumentException>(() => new OperationCatalog([SampleOperations.Run, SampleOperations.Run])).Message, StringComparison.Ordinal);

    [Fact]
    public void The_json_form_of_a_result_is_found_by_its_type()
    {
        Assert.Same(SampleOperations.Run.ResultInfo, catalog.ResultInfo(typeof(SampleResult)));
        Assert.Null(catalog.ResultInfo(typeof(DiskResult)));
        Assert.NotNull(OperationCatalog.Default.ResultInfo(typeof(DiskResult)));
    }

    [Fact]
    public void The_product_has_the_node_and_health_families()
    {
        Operation[] operations =
        [
            HealthOperations.Liveness, HealthOperations.Ready, NodeOperations.Status, NodeOperations.Hostname, NodeOperations.Os,
            NodeOperations.Uptime, NodeOperations.Load, NodeOperations.Memory, NodeOperations.Disk,
        ];

        Assert.Subset(OperationCatalog.Default.ToHashSet(), operations.ToHashSet());
    }

    [Fact]
    public void A_timeout_may_depend_on_the_request()
    {
        Assert.Equal(TimeSpan.FromSeconds(5), SampleOperations.Run.TimeoutOf(SampleOperations.Full() with { Timeout = 5 }));
        Assert.Equal(Operation.DefaultTimeout, SampleOperations.List.TimeoutOf(SampleOperations.List.ExamplePair.Request));
        Assert.Equal(Operation.DefaultTimeout, SampleOperations.Put.TimeoutOf(SampleOperations.Put.ExamplePair.Request));
    }

    [Fact]
    public void A_route_knows_its_members_and_where_the_others_travel()
    {
        Assert.Equal(["hostname", "unit"], SampleOperations.Run.Route.Members);
        Assert.Equal("POST /node/{hostname}/sample/{unit}/run", SampleOperations.Run.Route.ToString());
        Assert.True(HttpRoute.Put("/a").HasBody);
        Assert.False(HttpRoute.Get("/a").HasBody);
        Assert.False(HttpRoute.Delete("/a").HasBody);
        Assert.Empty(HttpRoute.Delete("/a").Members);
    }
}
