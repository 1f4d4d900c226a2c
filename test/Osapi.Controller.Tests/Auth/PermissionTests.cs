using System.Net;
using Osapi.Controller.Auth;
using Osapi.Operations;

namespace Osapi.Controller.Tests.Auth;

/// <summary>Tests of the permissions of a token: those of roles, and those in the token itself.</summary>
public sealed class PermissionTests() : ControllerTest(new AgentSetup("web-01", AnswersOk: true))
{
    [Theory]
    [InlineData("agent:read", "admin write read")]
    [InlineData("node:read", "admin write read")]
    [InlineData("network:read", "admin write read")]
    [InlineData("package:read", "admin write read")]
    [InlineData("job:read", "admin write read")]
    [InlineData("run:read", "admin write read")]
    [InlineData("health:read", "admin write read")]
    [InlineData("file:read", "admin write read")]
    [InlineData("docker:read", "admin write read")]
    [InlineData("service:read", "admin write read")]
    [InlineData("sysctl:read", "admin write read")]
    [InlineData("user:read", "admin write read")]
    [InlineData("network:write", "admin write")]
    [InlineData("package:write", "admin write")]
    [InlineData("job:write", "admin write")]
    [InlineData("run:write", "admin write")]
    [InlineData("file:write", "admin write")]
    [InlineData("docker:write", "admin write")]
    [InlineData("service:write", "admin write")]
    [InlineData("sysctl:write", "admin write")]
    [InlineData("user:write", "admin write")]
    [InlineData("review:write", "admin write")]
    [InlineData("agent:write", "admin")]
    [InlineData("token:read", "admin")]
    [InlineData("token:write", "admin")]
    [InlineData("audit:read", "admin")]
    [InlineData("command:execute", "admin")]
    [InlineData("docker:execute", "admin")]
    public void A_role_has_the_permissions_of_the_table(string permission, string roles) =>
        Assert.Equal(roles.Split(' '), new[] { "admin", "write", "read" }.Where(role => Roles.BuiltIn[role].Contains(permission)));

    [Fact]
    public void The_table_has_every_permission_and_no_other() =>
        Assert.Equal(Permissions.All.Order(), Roles.BuiltIn.Values.SelectMany(permissions => permissions).Distinct().Order());

    [Fact]
    public async Task Every_operation_is_open_to_the_roles_that_have_its_permission_and_closed_to_the_others()
    {
        foreach (var operation in OperationCatalog.Default.Where(operation => operation.Permission is not null))
            foreach (var role in (string[])["admin", "write", "read", "nobody"])
                await AssertAsync(operation, fixture.Token([role]), Roles.BuiltIn.TryGetValue(role, out var permissions) && permissions.Contains(operation.Permission!));
    }

    [Fact]
    public async Task Permissions_in_the_token_replace_those_of_its_roles()
    {
        foreach (var operation in OperationCatalog.Default.Where(operation => operation.Permission is not null))
        {
            await AssertAsync(operation, fixture.Token(["admin"], "something:else"), permitted: false);
            await AssertAsync(operation, fixture.Token([], operation.Permission!), permitted: true);
            await AssertAsync(operation, fixture.Token(["nobody"], "something:else", operation.Permission!), permitted: true);
            await AssertAsync(operation, fixture.Token([], operation.Permission!.ToUpperInvariant()), permitted: false);
            await AssertAsync(operation, fixture.Token([]), permitted: false);
        }
    }

    [Fact]
    public async Task Several_roles_add_up() =>
        await AssertAsync(OperationCatalog.Default.Single(operation => operation.Id == "job.delete"), fixture.Token(["read", "write"]), permitted: true);

    [Fact]
    public async Task A_call_without_permission_is_refused_before_its_request_is_validated() =>
        (await fixture.SendAsync("GET", "/node/no such target/hostname?nonsense=1", token: fixture.Token(["nobody"])))
            .AssertProblem(HttpStatusCode.Forbidden, "insufficient permissions: node:read is required");

    private async Task AssertAsync(Operation operation, string token, bool permitted)
    {
        // A job to be cancelled may just be being accepted, and is awaited.
        var answer = await fixture.AdvanceUntilAsync(fixture.SendAsync(operation.Route.Method, Calls.PathAndQuery(operation), Calls.Body(operation), token, contentType: Calls.ContentType(operation)), TimeSpan.FromSeconds(1));

        if (!permitted)
            answer.AssertProblem(HttpStatusCode.Forbidden, $"insufficient permissions: {operation.Permission} is required");
        else if (operation.Id is "agent.enroll.accept" or "agent.enroll.reject")
            answer.AssertProblem(HttpStatusCode.NotFound, "no agent waits to be enrolled as no-such-agent; an agent repeats its request every few seconds");
        // There is no such job or run: this response proves that access was granted.
        else if (operation.RunsOn == RunsOn.Controller && operation.Route.Members.Contains("id"))
            answer.AssertProblem(HttpStatusCode.NotFound, $"{(operation.Family == "audit" ? "audit entry" : operation.Family)} not found: 0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10");
        else if (operation.RunsOn == RunsOn.Controller && operation.Route.Members.Contains("name"))
            answer.AssertProblem(HttpStatusCode.NotFound, $"{operation.Family} not found: no-such-{operation.Family}");
        else
            answer.Assert2xx((HttpStatusCode)operation.SuccessStatus);
    }
}
