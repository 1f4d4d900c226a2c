using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Osapi.Controller.Operations;
using Osapi.Operations;

namespace Osapi.Controller.Tests;

/// <summary>Tests of the rules of every operation of the catalog, including future ones.</summary>
public sealed class ControllerLawTests : ControllerTest
{
    [Fact]
    public void Each_operation_of_the_controller_has_exactly_one_handler_and_no_other_has_one() => Assert.Equal(
        OperationCatalog.Default.Where(operation => operation.RunsOn == RunsOn.Controller).Select(operation => operation.Id).Order(),
        ControllerServices.Handlers(fixture.Controller.Services).Order());

    [Fact]
    public void Each_route_of_the_catalog_is_mapped_once_with_its_permission()
    {
        var endpoints = fixture.Controller.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<Operation>() is not null).ToList();

        Assert.Equal(
            OperationCatalog.Default.Select(operation => $"{operation.Id} {operation.Route} {operation.Permission}").Order(),
            endpoints.Select(endpoint =>
                $"{endpoint.Metadata.GetMetadata<Operation>()} {endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]} {endpoint.RoutePattern.RawText} {endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy}").Order());
    }

    [Fact]
    public void No_request_has_a_member_that_is_a_parameter_of_every_call() => Assert.All(
        OperationCatalog.Default.Where(operation => operation.RunsOn == RunsOn.Host),
        operation => Assert.DoesNotContain(operation.RequestInfo.Properties, property => property.Name == HttpRoute.TargetMember || CallParameters.QueryNames.Contains(property.Name)));
}
