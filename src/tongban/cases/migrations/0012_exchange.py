"""Batches, rows and faults of what is reported to the exchange."""

import django.db.models.deletion
import tongban.base.fields
from django.db import migrations, models

from tongban.base import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0011_pre_review'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExchangeMark',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='cases.case')),
                ('seq', models.BigIntegerField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='ExchangeBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=32, unique=True)),
                ('reach', models.CharField(max_length=18)),
                ('kind', models.CharField(choices=[('changes', '增量'), ('full', '全量'), ('resend', '重报')], max_length=10)),
                ('state', models.CharField(choices=[('making', '汇聚中'), ('made', '已完成')], default='making', max_length=10)),
                ('data_source', models.CharField(blank=True, default='', max_length=3)),
                ('begun_at', models.DateTimeField()),
                ('begun_by', models.CharField(max_length=60)),
                ('made_at', models.DateTimeField(blank=True, null=True)),
                ('marks_after', models.BigIntegerField()),
                ('marks_upto', models.BigIntegerField()),
                ('position', models.CharField(max_length=40)),
                ('case_ids', models.JSONField(blank=True, default=list)),
                ('cases', models.PositiveIntegerField(default=0)),
                ('rows', models.PositiveIntegerField(default=0)),
                ('held', models.PositiveIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['reach', '-id'], name='exchange_batch_of_reach')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'making')), fields=('reach',), name='exchange_one_at_work'), models.CheckConstraint(condition=models.Q(models.Q(('made_at__isnull', True), ('state', 'making')), models.Q(('made_at__isnull', False), ('state', 'made')), _connector='OR'), name='exchange_made_has_moment')],
            },
        ),
        migrations.CreateModel(
            name='ExchangeFault',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=40)),
                ('column', models.CharField(max_length=40)),
                ('reason', models.CharField(max_length=20)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='faults', to='cases.exchangebatch')),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('settled_in', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.exchangebatch')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('settled_in__isnull', True)), fields=['case'], name='exchange_fault_open')],
            },
        ),
        migrations.CreateModel(
            name='ExchangeRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reach', models.CharField(max_length=18)),
                ('table', models.CharField(max_length=40)),
                ('row_guid', models.UUIDField()),
                ('dataver', models.PositiveIntegerField()),
                ('operation', models.CharField(max_length=1)),
                ('sha256', models.CharField(max_length=64)),
                ('content', tongban.base.fields.EncryptedJSONField()),
                ('at', models.DateTimeField()),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.exchangebatch')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(fields=['batch', 'table', 'id'], name='exchange_row_of_table'), models.Index(fields=['batch', 'id'], name='exchange_row_of_batch')],
                'constraints': [models.UniqueConstraint(fields=('reach', 'row_guid', 'dataver'), name='exchange_row_version_once'), models.CheckConstraint(condition=models.Q(('operation__in', ['I', 'U', 'D'])), name='exchange_operation_known'), models.CheckConstraint(condition=models.Q(('dataver__gte', 1)), name='exchange_dataver_from_one')],
            },
        ),
        append_only.forbid("cases_exchangerow"),
    ]
